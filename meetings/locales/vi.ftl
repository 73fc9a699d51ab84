# Biên bản cuộc họp. Thời gian đã được đổi sang múi giờ của cuộc họp.

opening-title = Khai mạc
opening-begun = Cuộc họp “{ $title }” khai mạc lúc { DATETIME($at, timeStyle: "short") }, ngày { DATETIME($at, dateStyle: "long") }.
opening-place = Địa điểm: { $place }.
opening-chair = Chủ trì: { $name }.
opening-secretary = Thư ký: { $name }.
quorum-met = Khi khai mạc có mặt { $present } trên tổng số { $total } thành viên; yêu cầu { $required }: đủ số lượng thành viên theo quy định.
quorum-not-met = Khi khai mạc có mặt { $present } trên tổng số { $total } thành viên; yêu cầu { $required }: không đủ số lượng thành viên theo quy định.

attendance-title = Thành phần tham dự

item-title = { $number }. { $title }
item-presenter = Người trình bày: { $name }.
item-discussed = Thảo luận từ { DATETIME($from, timeStyle: "short") } đến { DATETIME($to, timeStyle: "short") }.
item-speaker = { $name } phát biểu ({ $minutes } phút).
item-conclusion-pending = Nội dung này chưa có kết luận.
item-conclusion-under_discussion = Nội dung này chưa có kết luận.
item-conclusion-decided = Đã quyết định.
item-conclusion-deferred = Nội dung này được hoãn lại.
item-conclusion-withdrawn = Nội dung này được rút khỏi chương trình.
item-conclusion-noted = Cuộc họp đã ghi nhận.
item-outcome = Kết luận: { $text }

poll-quorum-lost = Lúc { DATETIME($at, timeStyle: "short") }, khi đang biểu quyết, không còn đủ số lượng thành viên theo quy định.
step-quorum-holds = Số lượng tối thiểu: có mặt { $present } trên { $total }, yêu cầu { $required }: đạt.
step-quorum-fails = Số lượng tối thiểu: có mặt { $present } trên { $total }, yêu cầu { $required }: không đạt.
step-participation = { $participating } trên { $total } thành viên tham gia biểu quyết (bằng { NUMBER($percent, minimumFractionDigits: 2) } %).
step-base-cast = Tính trên số phiếu tán thành và không tán thành: { $votes }.
step-base-cast_with_abstentions = Tính trên số phiếu đã biểu quyết, kể cả không có ý kiến: { $votes }.
step-base-valid = Tính trên số phiếu hợp lệ: { $votes }.
step-base-present = Tính trên số thành viên có mặt: { $votes }.
step-base-entitled = Tính trên số thành viên có quyền biểu quyết: { $votes }.
step-base-seats = Tính trên tổng số thành viên: { $votes }.
step-threshold-more-holds = Yêu cầu quá { $numerator }/{ $denominator }: { $left } > { $right }, đạt.
step-threshold-more-fails = Yêu cầu quá { $numerator }/{ $denominator }: { $left } không lớn hơn { $right }, không đạt.
step-threshold-at_least-holds = Yêu cầu ít nhất { $numerator }/{ $denominator }: { $left } ≥ { $right }, đạt.
step-threshold-at_least-fails = Yêu cầu ít nhất { $numerator }/{ $denominator }: { $left } nhỏ hơn { $right }, không đạt.
step-tie-lost = Số phiếu ngang nhau: không được thông qua.
step-tie-recast = Số phiếu ngang nhau: biểu quyết lại.
step-tie-chair-holds = Số phiếu ngang nhau: theo ý kiến của người chủ trì, được thông qua.
step-tie-chair-fails = Số phiếu ngang nhau: theo ý kiến của người chủ trì, không được thông qua.

closing-title = Bế mạc
closing-ended = Cuộc họp kết thúc lúc { DATETIME($at, timeStyle: "short") }, ngày { DATETIME($at, dateStyle: "long") }.

mail-invitation-subject = Giấy mời họp: { $title }
mail-invitation-body =
    Kính gửi { $name },

    Trân trọng kính mời ông/bà dự cuộc họp "{ $title }". Chương trình đã ký số và tài liệu có tại:
    { $link }

    Đề nghị xác nhận đã nhận chương trình và cho biết khả năng tham dự.
mail-agenda_changed-subject = Thay đổi chương trình: { $title }
mail-agenda_changed-body =
    Kính gửi { $name },

    Chương trình cuộc họp "{ $title }" có phiên bản mới. Đề nghị đọc và xác nhận tại:
    { $link }

sign-as-secretary = Ký với tư cách thư ký cuộc họp
sign-as-chair = Ký với tư cách chủ trì cuộc họp
