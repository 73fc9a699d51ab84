# Trang trình chiếu và màn hình hội trường.
display-title = Trang trình chiếu
display-side = Số đại biểu, người phát biểu tiếp theo, chỗ ngồi
display-lost = Mất kết nối
display-begins = Bắt đầu lúc { $time }
display-no-item = Chưa có nội dung nào được thảo luận
display-poll = Mời biểu quyết
display-result = Kết quả
display-quorum = Số đại biểu cần thiết
display-no-quorum = Chưa đủ số đại biểu
display-next = Tiếp theo
display-more = và { $count } người nữa
display-seats = Chỗ ngồi
display-seat = { $name }: { $state }
display-seat-absent = không có mặt
display-seat-present = có mặt
display-seat-voted = đã biểu quyết

hall-title = Màn hình hội trường
hall-text = Âm thanh và hình ảnh của hội trường này được truyền tới mọi người trong cuộc họp. Từ nay màn hình sẽ tự vào họp.
hall-start = Bắt đầu màn hình này
hall-none = Hôm nay hội trường này không có cuộc họp. Màn hình sẽ tự bắt đầu khi có cuộc họp.
hall-speaks = { $name } đang phát biểu
hall-ended = Cuộc họp đã kết thúc. Trân trọng cảm ơn.
hall-elsewhere = Hội trường này đang dự họp trên một màn hình khác.
hall-here = Tiếp tục trên màn hình này
