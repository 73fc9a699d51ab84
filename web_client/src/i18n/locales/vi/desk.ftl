# Trang của một cuộc họp: dành cho người được mời và bàn làm việc của thư ký.
desk-edit-meeting = Sửa cuộc họp
desk-create = Tạo cuộc họp
desk-title = Tên cuộc họp
desk-title-missing = Vui lòng nhập tên cuộc họp.
desk-start = Bắt đầu
desk-end = Kết thúc
desk-time-missing = Vui lòng nhập ngày và giờ.
desk-end-before-start = Thời điểm kết thúc phải sau thời điểm bắt đầu.
desk-field-refused = Nội dung này không được chấp nhận. Vui lòng kiểm tra lại.
desk-zone = Múi giờ
desk-place = Địa điểm
desk-language = Ngôn ngữ cuộc họp
desk-language-hint = Chương trình và biên bản được lập bằng ngôn ngữ này.
desk-language-vi = Tiếng Việt
desk-language-en = English
desk-label = Độ mật
desk-rules = Quy chế biểu quyết
desk-description = Mô tả

rules-simple_majority = Quá nửa số phiếu
rules-majority_of_present = Quá nửa số thành viên có mặt
rules-absolute_majority = Quá nửa tổng số thành viên
rules-two_thirds = Hai phần ba số phiếu
rules-two_thirds_of_all = Hai phần ba tổng số thành viên
rules-three_quarters = Ba phần tư số phiếu
rules-unanimity = Nhất trí hoàn toàn
rules-government_council = Chế độ tập thể (Chính phủ, Ủy ban nhân dân)
rules-quorum = Túc số: { $comparison ->
    [more] quá
   *[at_least] ít nhất
  } { $numerator }/{ $denominator } số thành viên.
rules-threshold = Được thông qua khi { $comparison ->
    [more] quá
   *[at_least] ít nhất
  } { $numerator }/{ $denominator } { $base ->
    [cast] số phiếu tán thành và không tán thành
    [present] số thành viên có mặt
    [entitled] số thành viên có quyền biểu quyết
    [seats] tổng số thành viên
   *[valid] số phiếu hợp lệ
  } tán thành.
rules-tie = Trường hợp số phiếu ngang nhau: { $tie ->
    [chair] theo ý kiến của chủ tọa.
    [recast] biểu quyết lại.
   *[lost] không được thông qua.
  }

item-state-under_discussion = Đang thảo luận
item-state-decided = Đã quyết định
item-state-deferred = Hoãn lại
item-state-withdrawn = Đã rút
item-state-noted = Đã ghi nhận
kind-information = Để thông báo
kind-discussion = Để thảo luận
kind-decision = Để quyết định
response-invited = Chưa trả lời
response-accepted = Sẽ tham dự
response-declined = Vắng mặt

desk-back = Danh sách cuộc họp
desk-your-role = Vai trò: { $role }
desk-join = Vào họp
desk-minutes = Biên bản
desk-about = Thông tin cuộc họp
desk-agenda = Chương trình và tài liệu
desk-people = Thành phần mời ({ $count })
desk-enter-early = Vào phòng họp trước
desk-when = Thời gian
desk-where = Địa điểm
desk-online-only = Trực tuyến
desk-classification = Độ mật
desk-reference = Số hiệu
desk-cancelled-because = Cuộc họp đã bị hủy: { $reason }

agenda-none = Chưa có nội dung nào
agenda-none-secretary = Hãy thêm nội dung đầu tiên; tài liệu được đính kèm theo từng nội dung.
agenda-none-text = Thư ký đang chuẩn bị chương trình.
agenda-add = Thêm nội dung
agenda-edit-item = Sửa { $title }
agenda-delete-item = Xóa { $title }
agenda-delete-question = Xóa nội dung này cùng các tài liệu kèm theo? Không thể hoàn tác.
agenda-move-up = Chuyển { $title } lên trên
agenda-move-down = Chuyển { $title } xuống dưới
agenda-drag = Kéo đến vị trí khác
agenda-moved = { $title } nay là nội dung số { $position }.
agenda-minutes = { $minutes } phút
agenda-presenter = Người trình bày: { $name }
agenda-hidden = Nội dung hạn chế
agenda-hidden-text = Chỉ những người được chỉ định mới xem được nội dung này.
agenda-restricted = Hạn chế
agenda-outcome = Kết luận
item-dialog-new = Thêm nội dung chương trình
item-dialog-edit = Sửa nội dung chương trình
item-title = Tên nội dung
item-title-missing = Vui lòng nhập tên nội dung.
item-description = Mô tả
item-kind = Loại
item-presenter = Người trình bày
item-presenter-none = Chưa chỉ định
item-minutes = Thời lượng (phút)
item-minutes-invalid = Vui lòng nhập số nguyên từ 0 đến 1440.
item-restrict = Nội dung hạn chế
item-restrict-hint = Chỉ những người được chọn dưới đây và thư ký xem được; người khác chỉ thấy một dòng thay thế.
item-readers = Người được xem
item-readers-missing = Vui lòng chọn ít nhất một người.

paper-facts = { $pages } trang · { $size }
paper-version = phiên bản { $version }
paper-delete = Xóa { $title }
paper-delete-question = Xóa tài liệu này? Không thể hoàn tác.
paper-size-kb = { $size } KB
paper-size-mb = { $size } MB
upload-add = Thêm tài liệu (PDF)
upload-add-to = Thêm tài liệu (PDF) vào { $title }
upload-done = Đã thêm { $name }.
upload-wrong-type = { $name } không phải tệp PDF. Vui lòng lưu thành PDF rồi thêm lại.
upload-failed = Chưa thêm được { $name }.

version-title = Chương trình đã ký, bản số { $number }
version-pdf = Mở chương trình (PDF)
version-older = Các bản trước
version-acknowledged = { $done } trên { $total } người đã xác nhận bản này
version-who = Danh sách xác nhận
version-not-yet = Chưa xác nhận
version-mine = Đã xác nhận bản số { $number }.
version-acknowledge = Xác nhận chương trình
version-acknowledge-text = Xác nhận đã nhận chương trình bản số { $number } và các tài liệu kèm theo.

answer-title = Giấy mời họp
answer-question = Xác nhận tham dự cuộc họp này?
answer-accept = Tham dự
answer-decline = Không tham dự
answer-accepted = Đã xác nhận tham dự.
answer-declined = Đã báo vắng mặt.
answer-change = Thay đổi câu trả lời
answer-reason = Lý do
answer-reason-missing = Vui lòng nêu ngắn gọn lý do vắng mặt.
answer-send = Gửi
answer-sent = Đã gửi câu trả lời.

people-none = Chưa mời ai
people-edit = Mời họp
people-entitled = Biểu quyết
people-no-vote = Không biểu quyết
people-reason = Lý do: { $reason }
invite-title = Mời họp
invite-search = Tìm trong danh bạ
invite-search-hint = Theo họ tên, chức vụ hoặc đơn vị; không cần gõ dấu.
invite-results = Tìm thấy { $count } người
invite-more = Còn { $count } người khác: hãy thu hẹp tìm kiếm.
invite-nobody = Không tìm thấy ai
invite-chosen = Thành phần mời ({ $count })
invite-chosen-none = Hãy chọn người từ danh bạ.
invite-role-of = Vai trò của { $name }
invite-add = Mời { $name }
invite-remove = Bỏ { $name }
invite-save = Lưu thành phần mời
invite-saved = Đã lưu thành phần mời.

checklist-title = Trước khi triệu tập
checklist-title-again = Thay đổi chương trình
checklist-ready = Mọi việc đã sẵn sàng. Khi triệu tập, chương trình được ký và gửi đến mọi người được mời.
checklist-missing = Cần hoàn tất trước khi triệu tập:
missing-other = Còn một việc: { $key }.
desk-convene = Triệu tập cuộc họp
desk-convene-again = Triệu tập lại với các thay đổi
desk-convene-again-text = Các thay đổi sau bản số { $number } chỉ có hiệu lực và được xác nhận lại khi triệu tập lại.
desk-convened = Chương trình đã được ký (bản số { $number }); mọi người được mời đều xem được.
desk-open = Khai mạc cuộc họp
desk-suspend = Tạm dừng
desk-resume = Tiếp tục
desk-adjourn = Bế mạc cuộc họp
desk-adjourn-question = Bế mạc cuộc họp đối với tất cả mọi người? Không thể mở lại; bước tiếp theo là lập biên bản.
desk-adjourn-undecided = Còn { $count } nội dung chưa có kết luận. Có thể kết luận ngay trong phòng họp hoặc tại trang này sau khi bế mạc; nếu không sẽ không hoàn tất được biên bản.
undecided-title = Còn { $count } nội dung chưa có kết luận
undecided-text = Chỉ hoàn tất được biên bản khi mọi nội dung đã có kết luận. Nội dung chưa đưa ra thảo luận có thể chuyển cuộc họp khác, ghi nhận hoặc rút khỏi chương trình.
desk-cancel = Hủy cuộc họp
desk-cancel-reason = Lý do hủy
desk-cancel-reason-missing = Vui lòng nêu lý do hủy; mọi người được mời đều đọc được.
desk-cancel-confirm = Hủy cuộc họp đối với mọi người
desk-keep = Không hủy
desk-archive = Lưu trữ cuộc họp
desk-archive-text = Biên bản đã được ký. Lưu trữ là bước cuối cùng: sau đó không thay đổi được gì nữa.
desk-write-minutes = Lập biên bản
